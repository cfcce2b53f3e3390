"""What is looked for in the code, the files, the site of nginx and the packages: `make audit`, `make sbom`."""
