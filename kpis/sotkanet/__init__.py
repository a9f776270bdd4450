"""The conversation with Sotkanet, THL's statistics and indicator bank: in batches, never while a page is served."""
