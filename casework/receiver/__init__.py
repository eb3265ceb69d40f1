"""The place's side: takes orders, keeps them, acknowledges them, and says who may be paid on a day."""
