"""What tests of every tier share: recorded worlds and real repositories."""
