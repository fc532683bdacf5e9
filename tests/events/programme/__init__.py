"""The programme, through the public interface."""
