"""Payments – money in: packages, orders and the tills that take đồng for credits."""
