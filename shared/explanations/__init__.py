"""Why two people were matched: codes and parameters, and the sentences they become for each reader."""
