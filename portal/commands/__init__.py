"""What an operator types behind `lurus`, a file for each group of commands."""
