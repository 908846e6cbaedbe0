"""The life of a feed. `feed_pipeline.py` lists the steps in order, `steps/` has a file for each; beside them are the
worker loop, the supervisor and the background jobs."""
