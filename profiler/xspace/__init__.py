"""XSpace: the profiles of JAX and TensorFlow (`*.xplane.pb`)."""
