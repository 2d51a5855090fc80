# The object store, built from the module and the sums that the local store is built from. Build context: the checkout.
FROM golang:1.26-bookworm AS build
WORKDIR /build
COPY local_services/versitygw ./
ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS="-mod=readonly -buildvcs=false"
RUN go build -trimpath -ldflags="-s -w" -o /versitygw github.com/versity/versitygw/cmd/versitygw

FROM debian:bookworm-slim
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates curl && rm -rf /var/lib/apt/lists/*
COPY --from=build /versitygw /usr/local/bin/versitygw
COPY --chmod=755 deploy/store-server.sh deploy/store-setup.sh /usr/local/bin/
RUN useradd --uid 10002 --no-create-home store && mkdir -p /store/objects /store/versions /store/meta /store/iam && chown -R store /store
USER store
EXPOSE 7070
CMD ["store-server.sh"]
