"""What the contract takes from Google."""
