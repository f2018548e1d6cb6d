from django.db import transaction


def bad(task, policy):
    task.delay(policy.pk)  # bad
    transaction.on_commit(lambda: task.delay(policy.pk))  # bad
    return task.apply_async(args=[policy.pk])  # bad


def good(enqueue, policy):
    return enqueue("policy.papers", key=f"papers:{policy.pk}", policy=policy.pk)
