"""What outcomes say about the weights of a policy. Pure: arrays in, a model card out."""
