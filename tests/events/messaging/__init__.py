"""Mail to many, through the public interface."""
