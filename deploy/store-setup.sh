#!/bin/sh
# Gives the application a user and a bucket of its own, so that it never holds the root key. Safe to repeat.
set -eu
export ADMIN_ENDPOINT_URL="${STORE_URL:-http://store:7070}" ADMIN_REGION="${S3_REGION:-us-east-1}"
export ADMIN_ACCESS_KEY="$ROOT_ACCESS_KEY" ADMIN_SECRET_KEY="$ROOT_SECRET_KEY"
if ! versitygw admin list-users | grep -q "^${S3_ACCESS_KEY_ID}[[:space:]]"; then
  versitygw admin create-user --access "$S3_ACCESS_KEY_ID" --secret "$S3_SECRET_ACCESS_KEY" --role user
fi
if ! versitygw admin list-buckets | grep -q "^${S3_BUCKET}[[:space:]]"; then
  versitygw admin create-bucket --owner "$S3_ACCESS_KEY_ID" --bucket "$S3_BUCKET"
fi
