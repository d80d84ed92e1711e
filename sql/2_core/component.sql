-- One row per indicator that is a part of another: the one can never be more than the other.
select
    cast(part as varchar) as part,
    cast(whole as varchar) as whole,
from (
    values
        ('tax_revenue', 'general_budget_revenue'),
        ('general_budget_revenue', 'total_fiscal_revenue'),
        ('livelihood_expenditure', 'general_budget_expenditure'),
        ('va_primary', 'gdp'),
        ('va_secondary', 'gdp'),
        ('va_tertiary', 'gdp'),
        ('va_industry', 'va_secondary'),
        ('va_construction', 'va_secondary'),
        ('exports', 'trade_total'),
        ('imports', 'trade_total'),
        ('deposits_household', 'deposits_total'),
        ('urban_population', 'resident_population'),
        ('rural_population', 'resident_population'),
        ('grain_area', 'sown_area'),
        ('wheat_area', 'grain_area'),
        ('maize_area', 'grain_area'),
        ('wheat_output', 'grain_output'),
        ('maize_output', 'grain_output'),
        ('rice_output', 'grain_output'),
        ('basic_farmland', 'arable_area')
) as component (part, whole)
