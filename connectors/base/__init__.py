"""What every vendor's connector shares: errors, results, transport, tokens, paging."""
