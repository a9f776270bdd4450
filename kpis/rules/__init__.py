"""Target rules as people edit them: versions with their days and reasons, suggestions taken up, rules ended."""
