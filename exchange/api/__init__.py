"""The API, version 1: reads the catalogue as the pages show it, to whoever asks; takes files and drafts from an institution's programs."""
