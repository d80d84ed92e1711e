-- One row per thing to know of the release.
select
    'newest_document' as key,
    (select cast(max(published_on) as varchar) from marts.document) as value,
union all
select 'n_facts' as key, (select cast(count(*) as varchar) from marts.fact) as value
union all
select 'n_targets' as key, (select cast(count(*) as varchar) from marts.target) as value
union all
select 'n_documents' as key, (select cast(count(*) as varchar) from marts.document) as value
union all
select 'n_places' as key, (select cast(count(distinct ref_area) as varchar) from marts.fact) as value
order by key
