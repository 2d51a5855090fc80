#!/bin/sh
# Serves the folders below /store. No access log: it would hold whole signed links.
set -eu
exec versitygw --port :7070 --region "${S3_REGION:-us-east-1}" --health /_health --iam-dir /store/iam --keep-alive --quiet \
  posix --sidecar /store/meta --versioning-dir /store/versions /store/objects
