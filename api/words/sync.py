"""What the names about syncing a phone mean."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "BatchIn.device_id": "The device's own name for itself, the same in each of its batches.",
    "epoch": "The `Epoch` header under which the base revisions were learnt; null if none was yet.",
    "sent_at": "When it is sent, by the device's clock: tells how wrong that is.",
    "BatchIn.items": "The operations, oldest first; at most 400.",
    "op_id": "The sender's own name for this operation, kept for ever.",
    "base_revision": "The revision the edit was based on; 0 where the device knew of no such day.",
    "delete": "True: the day is deleted, and has no answers.",
    "confirmed_lower": "Whether the patient has confirmed that they take a suicidal thought back.",
    "results": "One for each item, in their order.",
    "BatchResult.date": "The item's day as it was sent; null if it named none.",
    "BatchResult.op_id": "The item's op_id as it was sent; null if it named none.",
    "BatchResult.status": "What became of it; docs/sync.md tells what to do in each case.",
    "BatchResult.revision": "The revision it made, or met; null where there is none.",
    "etag": "The day's ETag, as in the header of a PUT; null where there is none.",
    "BatchResult.current": "With `conflict`: the stored day or tombstone to merge with; null else.",
    "problem": "With `rejected`, `mismatch` and `retry`: the problem document; else null.",
    "touched": "For each answer that ever changed, what gave it its present value.",
    "BatchOut.safety_card": "The card the patient is to be shown; null if nothing calls for it.",
    "ChangesOut.items": "Days as they are now; deleted ones as tombstones.",
    "ChangesOut.next": "The cursor for the next time, whether there is more now or not.",
    "more": "Whether there is more to read now.",
    "ChangedDay.date": "The patient's local day.",
    "ChangedDay.source": "`app`: the patient; `staff`: by phone call; `import`: another system.",
}

EXAMPLES: Mapping[str, str] = {"device_id": "0190c2a4-phone"}
