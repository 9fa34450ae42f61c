"""Changes to the swarm: planned as data, journalled, run, resumed and taken back."""
