"""Privacy, through the public interface."""
