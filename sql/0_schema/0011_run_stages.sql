-- What each run did, stage by stage, and which flow it was. ledger/runs.jsonl holds the same: a new database is filled
-- from it. Seconds are of the machine and enter no release.
alter table ops.run add column flow varchar;     -- nightly, backfill, ingest_one, publish, validate
alter table ops.run add column held_by varchar;  -- JSON: the checks that held the release
alter table ops.run add column error varchar;    -- what ended it, and what to do
alter table ops.run add column stages varchar;   -- JSON: [{"stage", "seconds", "counts": {name: number}}] in their order

-- What kind of document a source brings, where a text does not show its own ('other').
alter table raw.source add column doc_type varchar;
alter table raw.document add column doc_type_stated varchar;
update raw.document set doc_type_stated = doc_type;
