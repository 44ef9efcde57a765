"""A small invented world to try TalentSync in: customers in practice, people with roles, and jobs."""
