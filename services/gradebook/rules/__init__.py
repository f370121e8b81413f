"""The school's rules about lessons and marks: plain values in, a value or a refusal out."""
