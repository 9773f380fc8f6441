"""The store in an OpenSearch cluster that several machines share; opensearch-py is imported when used."""
