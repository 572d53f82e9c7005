DROP TRIGGER entry_keeps_transfer_balanced ON ledger_entry;
DROP TRIGGER transfer_entries_sum_to_zero ON ledger_transfer;
DROP FUNCTION ledger_refuse_imbalance_v1();
