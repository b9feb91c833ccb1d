"""Messages of google.rpc, in a pool of this package."""
