#!/bin/sh
# Brings database, vocabularies and bucket up to date before web and worker start. Safe to repeat; refuses unsafe settings.
set -eu
python manage.py check --deploy --fail-level WARNING
python manage.py migrate --no-input
python manage.py load_vocabularies
python manage.py ensure_bucket
