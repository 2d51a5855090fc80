# Elasticsearch with the analysis plugins that the index names. Any 9.x from 9.2 on.
ARG ELASTICSEARCH_VERSION
FROM docker.elastic.co/elasticsearch/elasticsearch:${ELASTICSEARCH_VERSION}
RUN bin/elasticsearch-plugin install --batch analysis-icu analysis-smartcn analysis-kuromoji analysis-nori analysis-stempel
RUN mkdir config/certificates
COPY --chmod=755 search-node.sh bin/search-node.sh
