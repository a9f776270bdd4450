"""The register of risks: levels on the matrix, mitigations, risks of projects, the yearly look."""
