"""The roster, through the public interface."""
