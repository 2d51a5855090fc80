#!/bin/sh
# Serves the folders below /store. No access log: it would hold whole signed links.
set -eu
folder="${STORE_FOLDER:-/store}"
exec versitygw --port "${STORE_ADDRESS:-:7070}" --region "${S3_REGION:-us-east-1}" --health /_health --iam-dir "$folder/iam" \
  --keep-alive --quiet posix --sidecar "$folder/meta" --versioning-dir "$folder/versions" "$folder/objects"
