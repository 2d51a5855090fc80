"""Short ways to say what a test reads in search results."""


def titles(results):
    """Return the titles of a page of results, in their order."""
    return [hit.title for hit in results.hits]


def counts(results, name):
    """Return the choices of a facet: value to count."""
    facet = next(facet for facet in results.facets if facet.name == name)
    return {value.value: value.count for value in facet.values}
