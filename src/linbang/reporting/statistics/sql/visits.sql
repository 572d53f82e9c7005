-- Visits of a window below a prefix that were checked out: in all, by category, by child region.
-- One range scan of need_by_region_and_state; then the index of assignment's need, and the
-- one-to-one indexes of visit and check-out.
SELECT item.category,
       left(need.region_id, %(child_digits)s) AS child,
       count(*) AS visits
FROM needs_need need
JOIN needs_serviceitem item ON item.code = need.item_id
JOIN dispatch_assignment assignment
  ON assignment.cell = need.cell AND assignment.need_id = need.id
JOIN service_visit visit
  ON visit.cell = assignment.cell AND visit.assignment_id = assignment.id
JOIN service_checkout check_out
  ON check_out.cell = visit.cell AND check_out.visit_id = visit.id
WHERE need.region_id >= %(low)s AND need.region_id < %(high)s
  AND need.starts_at >= %(starts_at)s AND need.starts_at < %(ends_at)s
GROUP BY GROUPING SETS ((), (item.category), (child))
