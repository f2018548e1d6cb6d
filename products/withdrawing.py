"""What stays of the premium when a customer withdraws after cover began."""

from products.language.schema import Definition

TIME_OF_COVER = "time_of_cover"
BY_LAW = {"DE": TIME_OF_COVER}  # § 9 VVG, where cover began with consent; elsewhere the contract never was


def keeps(definition: Definition) -> str:
    """What the company keeps: the product's own word, else by the law of its country."""
    return definition.withdrawal.keeps or BY_LAW.get(definition.country, "nothing")
