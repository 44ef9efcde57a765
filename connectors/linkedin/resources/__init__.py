"""One module per LinkedIn endpoint family, each a `connectors.base.resource.Resource`."""
