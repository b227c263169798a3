"""What runs leave behind, in forms that neither need nor know the model: records, the store, and drawings."""
