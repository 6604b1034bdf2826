"""The scorecard's screens: which pages there are, and how they are served. Start it with `./run`."""

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager
from streamlit.starlette import App

from screens.frame.guard import Guard, opened
from screens.frame.navigation import moved, pages, redirect
from screens.frame.search import between

if __name__ == "__main__":  # drawn for somebody, at every visit and press
    st.set_page_config(page_title="Preparedness scorecard", page_icon="◔", layout="wide")
    here = [
        st.Page(path, title=page.title, url_path=page.address, default=page.home)
        for path, page in pages().items()
    ]
    before = [
        st.Page(redirect(path, tab), title=old, url_path=old, visibility="hidden")
        for old, (path, tab) in moved().items()
    ]
    st.navigation([*here, *before, between()], position="top").run()
else:  # served, once: `streamlit run` finds the application here
    # Else the first visitor of all is told that an address of before is no page: until st.navigation has been called
    # once, Streamlit takes the folder for the list of pages.
    PagesManager.uses_pages_directory = False
    app = App(__file__, middleware=[Middleware(Guard)], lifespan=opened)
