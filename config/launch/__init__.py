"""The launcher: servers, database roles, processes and commands of one machine. It reads no Django settings."""
