# Thin on purpose: every target is a command of local_services, which installs what it needs. `make help` lists them.
PYTHON ?= $(shell command -v python3.11 || command -v python3)

.DEFAULT_GOAL := help
.PHONY: run test services lint format lock messages clean help

run test services lint format lock messages clean help:
	@$(PYTHON) -m local_services $@
