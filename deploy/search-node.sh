#!/bin/bash
# Starts Elasticsearch: alone, or as SEARCH_NODE, one of the SEARCH_NODES (names, separated by commas).
# Nodes trust each other by a certificate; the first one makes it, in a volume that all share.
# Bash, since other shells drop variables with a dot in their name, which is how the image takes settings.
set -eu
certificates=config/certificates

case ",$SEARCH_NODES," in
*",$SEARCH_NODE,"*) ;;
*)
	echo "$SEARCH_NODE is not one of the nodes ($SEARCH_NODES). Set SEARCH_CLUSTER=yes in .env, beside COMPOSE_PROFILES=cluster." >&2
	exit 1
	;;
esac

if [ "$SEARCH_NODES" = "$SEARCH_NODE" ]; then
	set -- discovery.type=single-node
else
	if [ "$SEARCH_NODE" = "${SEARCH_NODES%%,*}" ] && [ ! -f "$certificates/node.p12" ]; then
		rm -f "$certificates"/*.p12
		elasticsearch-certutil ca --silent --pass "" --out "$PWD/$certificates/authority.p12"
		elasticsearch-certutil cert --silent --ca "$PWD/$certificates/authority.p12" --ca-pass "" --pass "" --out "$PWD/$certificates/new.p12"
		mv "$certificates/new.p12" "$certificates/node.p12"
	fi
	until [ -f "$certificates/node.p12" ]; do
		sleep 1
	done
	# A folder of its own: what a single node has kept would be a cluster of its own. The index is built anew from the database.
	mkdir -p data/cluster
	set -- \
		"node.name=$SEARCH_NODE" \
		"path.data=$PWD/data/cluster" \
		"discovery.seed_hosts=$SEARCH_NODES" \
		"cluster.initial_master_nodes=$SEARCH_NODES" \
		xpack.security.transport.ssl.enabled=true \
		xpack.security.transport.ssl.verification_mode=certificate \
		xpack.security.transport.ssl.keystore.path=certificates/node.p12 \
		xpack.security.transport.ssl.truststore.path=certificates/node.p12
fi
exec env "$@" docker-entrypoint.sh eswrapper
