"""The pure middle: values in, values out. Nothing here touches a file, process, clock, network or environment."""
