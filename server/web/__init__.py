"""What every page needs: who looks at it, its frame, its errors, its forms."""
