"""Made-up content for trying the portal out, made by calling the same actions as people do."""
