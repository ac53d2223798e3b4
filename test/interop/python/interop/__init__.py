"""Real Celery on the local cloud: the fixture tasks, the workflows, a worker and a client."""
