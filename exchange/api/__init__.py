"""The API, version 1: reads the catalogue as the pages show it, to whoever asks."""
