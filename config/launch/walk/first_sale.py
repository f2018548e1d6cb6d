"""The demo's first sale: the customer who may enter his folder applies and orders as anybody does, so that a policy,
its papers and its invoice lie there (S1-15).
"""

from dataclasses import replace

from config.launch.stack import Stack
from config.launch.walk import customer
from config.launch.walk.customer import Customer
from config.launch.walk.expect import StepFailed
from config.launch.walk.mails import Post
from config.launch.walk.sales import TRAILER

HOME = {"street": "Havenkade", "postcode": "8017 JX", "city": "Zwolle"}
KNOWN = Customer(  # as the demo's data let him in
    "duinbaken", "nl", "Jochem", "de Wilde", "1981-05-14", "ilse-markus", "ilse.markus@kroonlaan.example",
    sale=replace(TRAILER, home=HOME), email="jochem.dewilde@post.example", house_number="18",
)  # fmt: skip


def sell(stack: Stack) -> None:
    """Once, while he holds no policy yet; what goes wrong is said, and the demo stands without it."""
    if sold(stack):
        return
    post = Post(stack.places.mailbox)
    try:
        customer.apply(KNOWN, stack.addresses["public"])
        customer.read_quotation_mails(KNOWN, post)
        customer.order(KNOWN)
        customer.read_policy_mails(KNOWN, post)
    except StepFailed as error:
        stack.say(f"The demo's customer has no policy: {error}")


def sold(stack: Stack) -> bool:
    """Whether he holds a policy; a portfolio that was taken over has others' policies."""
    his = "SELECT FROM policies_policy p JOIN relations_party h ON h.id = p.holder_id WHERE h.email = %s"
    with stack.cluster.postgres.connect("polisdesk") as connection:
        (found,) = connection.execute(f"SELECT EXISTS ({his})", [KNOWN.email]).fetchone() or (False,)
    return bool(found)
