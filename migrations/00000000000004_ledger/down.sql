drop table rejected_records;
drop table poll_cycles;
