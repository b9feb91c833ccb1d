"""The contract: messages and stubs."""
