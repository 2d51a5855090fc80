"""The bucket's rule for uploads that are never completed: set beside the operator's, and left out where there are no rules."""

import datetime as dt

import pytest
from botocore.stub import ANY, Stubber

from core.errors import UnavailableError
from media.s3 import ABORT_RULE, S3Store

BUCKET = {"Bucket": "festival"}
MONTH = dt.timedelta(days=30)
OURS = {
    "ID": ABORT_RULE,
    "Status": "Enabled",
    "Filter": {"Prefix": "objects/"},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 31},
}
THEIRS = {"ID": "keep-logs-short", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 7}}


@pytest.fixture
def s3():
    return S3Store(
        endpoint="http://127.0.0.1:9", public_endpoint="", region="r", bucket="festival", access_key_id="k", secret_access_key="s"
    )


@pytest.fixture
def answers(s3):
    """What the store will answer, beginning with what every call of ensure_bucket asks."""
    with Stubber(s3._client) as stubber:
        stubber.add_response("head_bucket", {}, BUCKET)
        stubber.add_response("put_bucket_versioning", {}, BUCKET | {"VersioningConfiguration": ANY})
        stubber.add_response("put_bucket_cors", {}, BUCKET | {"CORSConfiguration": ANY})
        yield stubber
        stubber.assert_no_pending_responses()


def putting(*rules):
    return BUCKET | {"LifecycleConfiguration": {"Rules": list(rules)}}


def test_the_rule_comes_beside_the_operator_s(s3, answers):
    older = {**OURS, "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 3}}
    answers.add_response("get_bucket_lifecycle_configuration", {"Rules": [older, THEIRS]}, BUCKET)
    answers.add_response("put_bucket_lifecycle_configuration", {}, putting(THEIRS, OURS))
    s3.ensure_bucket(["http://site"], open_at_most=MONTH)


def test_a_bucket_without_rules_gets_ours(s3, answers):
    answers.add_client_error("get_bucket_lifecycle_configuration", "NoSuchLifecycleConfiguration", expected_params=BUCKET)
    answers.add_response("put_bucket_lifecycle_configuration", {}, putting(OURS))
    s3.ensure_bucket(["http://site"], open_at_most=MONTH)


def test_what_is_there_already_is_not_written_again(s3, answers):
    answers.add_response("get_bucket_lifecycle_configuration", {"Rules": [OURS]}, BUCKET)
    s3.ensure_bucket(["http://site"], open_at_most=MONTH)


@pytest.mark.parametrize("code", ["NotImplemented", "AccessDenied"])
def test_a_store_that_has_no_rules_or_a_key_that_may_not_set_them_is_no_error(s3, answers, code):
    answers.add_client_error("get_bucket_lifecycle_configuration", code, expected_params=BUCKET)
    s3.ensure_bucket(["http://site"], open_at_most=MONTH)


def test_another_error_is_one(s3, answers):
    answers.add_client_error("get_bucket_lifecycle_configuration", "InternalError", expected_params=BUCKET)
    with pytest.raises(UnavailableError):
        s3.ensure_bucket(["http://site"], open_at_most=MONTH)
